/** Says why a file of Word's old format can't be read. */
import { type FileText, UnreadableFile } from "./file-text.ts";

/** The name of the stream that holds an encrypted document ([MS-OFFCRYPTO], 2.3.4.4), in UTF-16. */
const encrypted = Uint8Array.from([..."EncryptedPackage"].flatMap((letter) => [letter.charCodeAt(0), 0]));
const isEncrypted = (file: Uint8Array): boolean => {
  for (let at = file.indexOf(encrypted[0] as number); at >= 0; at = file.indexOf(encrypted[0] as number, at + 1))
    if (encrypted.every((byte, index) => file[at + index] === byte)) return true;
  return false;
};

/** @throws UnreadableFile */
export function refuseOldWord(file: Uint8Array): FileText {
  throw new UnreadableFile(isEncrypted(file) ? "encrypted" : "old-word");
}
