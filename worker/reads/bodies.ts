import type { Copies } from "./copies.ts";

/** A finished answer. */
export interface Body {
  /** The values that the answer was made of. */
  of: string;
  content: Uint8Array<ArrayBuffer>;
  etag: string;
  status: number;
  /** All headers: `kept` for an answer that the edge may keep, `passing` for one that it may not. */
  headers: { kept: Record<string, string>; passing: Record<string, string> };
  until: number;
  bytes: number;
}

const serials = new WeakMap<object, number>();
let lastSerial = 0;

/** Names a value by identity, without holding it in memory. */
function serialOf(value: object | null): number {
  if (value === null) return 0;
  let serial = serials.get(value);
  if (serial === undefined) {
    serial = ++lastSerial;
    serials.set(value, serial);
  }
  return serial;
}

/** Names the values that an answer is made of. */
export const serialsOf = (values: readonly (object | null)[]): string =>
  values.length === 1 ? String(serialOf(values[0] as object)) : values.map(serialOf).join(" ");

/** Answers that were made of copies, in the same memory. */
export class Bodies {
  readonly #copies: Copies;

  constructor(copies: Copies) {
    this.#copies = copies;
  }

  /** @param of the serials of the values that the answer must be made of */
  get(key: string, of: string, now: number): Body | null {
    const body = this.#copies.get<Body>(`body ${key}`);
    return body && body.of === of && now < body.until ? body : null;
  }

  add(key: string, body: Body): void {
    this.#copies.add(`body ${key}`, body);
  }
}
