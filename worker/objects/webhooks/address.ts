/**
 * Which addresses a webhook may be sent to, and which pages may be read: public
 * hosts over HTTPS only, so that nobody can reach a private network through us.
 */
import ipaddr from "ipaddr.js";

/**
 * Names that never belong to a public host (RFC 6761, 6762, 8375, ICANN's
 * `internal`).
 */
const PRIVATE_NAMES =
  /(^|\.)(localhost|local|internal|lan|home|home\.arpa|corp|test|invalid|example|onion)$/;

/**
 * Why an address is refused, as the end of "must ..."; null for one that may be
 * used.
 */
export function webAddressFault(text: string, ownHost: string): string | null {
  const url = URL.parse(text);
  if (url?.protocol !== "https:")
    return "be an address that begins with https://";
  if (url.username || url.password) return "have no user name or password";
  const host = url.hostname.replace(/\.$/, "");
  // The parser has turned 0x7f.1 and 2130706433 into 127.0.0.1.
  if (ipaddr.isValid(host.replace(/^\[|\]$/g, "")))
    return "name a host, not an IP address";
  if (!host.includes(".") || PRIVATE_NAMES.test(host))
    return "name a public host";
  return host === ownHost ? "not be this deployment itself" : null;
}

/**
 * False for loopback, private, link-local, shared, reserved, documentation and
 * tunnel ranges, also within IPv6.
 */
export const isPublicIp = (ip: string): boolean =>
  ipaddr.isValid(ip) && ipaddr.process(ip).range() === "unicast";

interface DnsAnswer {
  Answer?: { type: number; data: string }[];
}

const DNS_RESOLVER = "https://cloudflare-dns.com/dns-query";
const DNS_TIMEOUT_MS = 5_000;
const RECORD_TYPES = { A: 1, AAAA: 28 };

/**
 * Every IP address of a host, by DNS over HTTPS, because a Worker can't see
 * which one `fetch` connects to.
 */
export async function resolveHost(host: string): Promise<string[]> {
  const lists = await Promise.all(
    Object.entries(RECORD_TYPES).map(async ([type, number]) => {
      const query = `${DNS_RESOLVER}?${new URLSearchParams({ name: host, type })}`;
      const init = {
        headers: { Accept: "application/dns-json" },
        signal: AbortSignal.timeout(DNS_TIMEOUT_MS),
      };
      const { Answer: answers = [] } = (await (
        await fetch(query, init)
      ).json()) as DnsAnswer;
      return answers
        .filter((answer) => answer.type === number)
        .map(({ data }) => data);
    }),
  );
  return lists.flat();
}

/**
 * Whether a host leads only to public addresses; null when that can't be known
 * now.
 */
export async function isPublicHost(host: string): Promise<boolean | null> {
  const ips = await resolveHost(host).catch(() => []);
  return ips.length === 0 ? null : ips.every(isPublicIp);
}
