/** Draws an SVG with the one font of the share images. */
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import renderer from "@resvg/resvg-wasm/index_bg.wasm";
import font from "./share.ttf";

let started: Promise<void> | null = null;

/**
 * Starts the renderer once. A start that failed is tried again by the next
 * image.
 */
function start(): Promise<void> {
  started ??= initWasm(renderer).catch((error: unknown) => {
    started = null;
    throw error;
  });
  return started;
}

function draw(svg: string): Uint8Array<ArrayBuffer> {
  const resvg = new Resvg(svg, {
    font: { fontBuffers: [new Uint8Array(font)] },
  });
  let image: ReturnType<typeof resvg.render> | undefined;
  try {
    image = resvg.render();
    return image.asPng().slice();
  } finally {
    // The renderer's memory isn't collected.
    image?.free();
    resvg.free();
  }
}

/**
 * The image that was drawn last: several requests may ask for a new one at
 * once.
 */
let last: { svg: string; png: Uint8Array<ArrayBuffer> } | null = null;

export async function drawPng(svg: string): Promise<Uint8Array<ArrayBuffer>> {
  await start();
  if (last?.svg !== svg) last = { svg, png: draw(svg) };
  return last.png;
}
