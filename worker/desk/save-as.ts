const DOWNLOAD_URL_LIFETIME_MS = 10_000;

/**
 * Downloads a file from the page's memory. A link to the API would need the
 * token in its URL.
 */
export function saveAs(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), DOWNLOAD_URL_LIFETIME_MS);
}
