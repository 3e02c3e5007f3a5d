/**
 * Reads a mail, or a page that a browser saved as one file (.mhtml): sender,
 * date, subject, text, and what is attached.
 */
import PostalMime, { type Address, type Attachment } from "postal-mime";
import {
  type FileText,
  type MemberReader,
  UnreadableFile,
} from "./file-text.ts";

const written = (address: Address | undefined): string =>
  [address?.name, address?.address && `<${address.address}>`]
    .filter(Boolean)
    .join(" ");

/** Parts that a reader of the mail sees as pictures, or not at all. */
const isPicture = ({ mimeType, related }: Attachment) =>
  related === true ||
  /^(?:image|audio|video|font)\/|css|javascript|signature/.test(mimeType);

/** @throws UnreadableFile when the mail exceeds a limit */
export async function mailText(
  file: Uint8Array,
  {
    limits,
    readMember,
  }: {
    limits: { members: number; depth: number; headerBytes: number };
    readMember: MemberReader;
  },
): Promise<FileText> {
  const mail = await PostalMime.parse(file, {
    maxNestingDepth: limits.depth,
    maxHeadersSize: limits.headerBytes,
    // A forwarded mail is read like any other file.
    forceRfc822Attachments: true,
  }).catch(() => {
    throw new UnreadableFile("too-large");
  });
  const attached = mail.attachments.filter((one) => !isPicture(one));
  if (attached.length > limits.members) throw new UnreadableFile("too-large");
  const unread: string[] = [];
  /** @returns null for a part without text */
  const partOf = async (
    bytes: Uint8Array,
    name: string,
  ): Promise<string | null> => {
    try {
      const read = await readMember(bytes);
      unread.push(...read.unread);
      return read.text;
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      if (error.reason !== "empty") unread.push(name);
      return null;
    }
  };
  const bytesOf = (text: string) => new TextEncoder().encode(text);
  const body = mail.text?.trim()
    ? mail.text
    : mail.html
      ? await partOf(bytesOf(`<!doctype html>${mail.html}`), "text/html")
      : null;
  const headers = [
    ["From", written(mail.from)],
    ["Date", mail.headers.find(({ key }) => key === "date")?.value],
    ["Subject", mail.subject],
  ].flatMap(([name, value]) => (value ? [`${name}: ${value}`] : []));
  const parts = [headers.join("\n"), body];
  for (const { content, filename, mimeType } of attached) {
    const name = filename ?? mimeType;
    const bytes =
      typeof content === "string" ? bytesOf(content) : new Uint8Array(content);
    const text = await partOf(bytes, name);
    if (text !== null) parts.push(`\f${text}`);
  }
  return { text: parts.filter((part) => part?.trim()).join("\n\n"), unread };
}
