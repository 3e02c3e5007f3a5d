import { Encrypter } from "age-encryption";

/**
 * Encrypts a stream in the age format (https://age-encryption.org/v1), so that
 * `age -d` opens it anywhere.
 * @param recipient a public key of age, `age1...`
 */
export async function encryptBackup(
  content: ReadableStream<Uint8Array>,
  recipient: string,
): Promise<ReadableStream<Uint8Array>> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  const encrypted = await encrypter.encrypt(content);
  // Only a stream of the runtime's own can be sent to another Worker.
  return encrypted.pipeThrough(new IdentityTransformStream());
}
