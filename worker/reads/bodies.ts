import { type Copies, type CopyName, OVERHEAD_BYTES } from "./copies.ts";
import { publicHeaders } from "./freshness.ts";

/** A copy that an answer is made of. */
export interface Source {
  copy: CopyName;
  /** Names the copy's value by identity. */
  serial: number;
}

/** A finished answer. */
export interface Body {
  of: readonly Source[];
  content: Uint8Array<ArrayBuffer>;
  etag: string;
  status: number;
  /** All headers, as the last answer had them. Every response gets a copy. */
  headers: Headers;
  /** True when the headers say that the edge may keep the answer. */
  isForEdge: boolean;
  /** True if clients that don't accept JSON are refused. */
  onlyJson: boolean;
  until: number;
  bytes: number;
}

/**
 * The memory of an answer's headers, outside the heap: 1.5 KB were measured
 * without any, and 4.9 KB with 13 of them.
 */
const HEADERS_BYTES = 5_000;

/** The memory of an answer with this content. */
export const bodyBytes = ({ byteLength }: Uint8Array): number =>
  OVERHEAD_BYTES + HEADERS_BYTES + byteLength;

/**
 * The headers of an answer that the edge may keep, or may not. Two sets would
 * take twice the memory; a lease that is too short for the edge is rare, or
 * comes before a moment and is every reader's then.
 */
export function headersOf(body: Body, edge: boolean): Headers {
  if (body.isForEdge !== edge)
    for (const [name, value] of Object.entries(publicHeaders(edge)))
      body.headers.set(name, value);
  body.isForEdge = edge;
  return body.headers;
}

const serials = new WeakMap<object, number>();
let lastSerial = 0;

/** Names a value by identity, without holding it in memory. */
export function serialOf(value: object | null): number {
  if (value === null) return 0;
  let serial = serials.get(value);
  if (serial === undefined) {
    serial = ++lastSerial;
    serials.set(value, serial);
  }
  return serial;
}

const isSame = (a: readonly Source[], b: readonly Source[]) =>
  a.length === b.length &&
  a.every(({ serial }, index) => serial === b[index]?.serial);

/**
 * With more than these, the oldest is forgotten: third parties add parameters
 * without end.
 */
const MAX_ADDRESSES = 20_000;
const MAX_ADDRESS_LENGTH = 300;

/** Answers that were made of copies, in the same memory. */
export class Bodies {
  readonly #copies: Copies;
  /**
   * The answers by the full addresses that they were given for, with their
   * keys. Another answer with the same key may be one that the address doesn't
   * have: without `lang`, it takes the language of the case, which may have
   * changed.
   */
  readonly #addresses = new Map<string, { key: string; serial: number }>();

  constructor(copies: Copies) {
    this.#copies = copies;
  }

  /** @param of the values that the answer must be made of */
  get(key: string, of: readonly Source[], now: number): Body | null {
    const body = this.#copies.get<Body>(key);
    return body && now < body.until && isSame(body.of, of) ? body : null;
  }

  /**
   * The answer that was given for an address, whatever the values that it was
   * made of.
   */
  at(address: string, now: number): Body | null {
    const given = this.#addresses.get(address);
    const body = given && this.#copies.get<Body>(given.key);
    return body && serialOf(body) === given.serial && now < body.until
      ? body
      : null;
  }

  add(key: string, body: Body): void {
    this.#copies.add(key, body);
  }

  /** Notes that a `GET` of the address gets this answer, which has this key. */
  addAddress(address: string, key: string, body: Body): void {
    if (address.length > MAX_ADDRESS_LENGTH) return;
    this.#addresses.set(address, { key, serial: serialOf(body) });
    if (this.#addresses.size > MAX_ADDRESSES)
      this.#addresses.delete(this.#addresses.keys().next().value as string);
  }
}
