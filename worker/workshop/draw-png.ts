/** Draws an SVG with the one font of the share images. */
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import renderer from "@resvg/resvg-wasm/index_bg.wasm";
import { once } from "../once.ts";
import font from "./share.ttf";

const start = once(() => initWasm(renderer));

export async function drawPng(svg: string): Promise<Uint8Array<ArrayBuffer>> {
  await start();
  const resvg = new Resvg(svg, { font: { fontBuffers: [new Uint8Array(font)] } });
  const image = resvg.render();
  const png = image.asPng().slice();
  // The renderer's memory isn't collected.
  image.free();
  resvg.free();
  return png;
}
