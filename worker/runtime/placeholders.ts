/**
 * Recognizes settings that were never filled in. The Worker and `npm run setup`
 * refuse them by name.
 */

/**
 * Names reserved for documentation and tests (RFC 2606, RFC 6761), which no
 * reader can open.
 */
const RESERVED_HOST = /(^|\.)(invalid|example|example\.(com|net|org))$/;
/**
 * Names in our own instructions, such as `casewire.YOUR-SUBDOMAIN.workers.dev`.
 */
const EXAMPLE_HOST = /(^|\.)your-(newsroom|subdomain)\./;
const LOOPBACK_HOST = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

export const isLoopback = (hostname: string): boolean =>
  LOOPBACK_HOST.test(hostname);

/**
 * What is wrong with a public address; null for a usable one. A loopback
 * address and a port are usable in a local run only.
 */
export function addressFault(address: string): string | null {
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol))
    return `“${address}” is not an http or https address`;
  if (RESERVED_HOST.test(url.hostname) || EXAMPLE_HOST.test(url.hostname))
    return `${url.hostname} is a placeholder: set the address that readers use`;
  if (address !== url.origin)
    return address === `${url.origin}/`
      ? "remove the slash at its end"
      : `write it as ${url.origin}`;
  // The domain of a Worker serves the usual port, and a passkey knows a name
  // without a port.
  if (url.port !== "" && !isLoopback(url.hostname))
    return `remove the port: ${url.protocol}//${url.hostname}`;
  return null;
}

/**
 * The header of a webhook call accepts these characters. The length excludes
 * secrets that can be guessed.
 */
const WEBHOOK_SECRET = /^[A-Za-z0-9_-]{16,256}$/;
export const webhookSecretFault = (secret: string): string | null =>
  WEBHOOK_SECRET.test(secret) ? null : "16 to 256 letters, digits, - or _";

const METRICS_TOKEN = /^[\x21-\x7e]{32,}$/;
export const metricsTokenFault = (token: string): string | null =>
  METRICS_TOKEN.test(token)
    ? null
    : "at least 32 ASCII characters without spaces";

/**
 * The SHA-256 of nothing, and of the word TOKEN in the instructions for
 * `EDITORS`: anyone knows such a token.
 */
const KNOWN_HASHES = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "f98103e9217f099208569d295c1b276f1821348636c268c854bb2a086e0037cd",
];

/**
 * True for a hash of no real token: one digit, repeated, or the hash of a
 * placeholder.
 */
export const isPlaceholderHash = (hash: string): boolean =>
  /^(.)\1{63}$/.test(hash) || KNOWN_HASHES.includes(hash);
