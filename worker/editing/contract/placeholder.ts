/**
 * A placeholder for the deployment's address in documents that are built before
 * the address is known.
 */
export const PUBLIC_URL_PLACEHOLDER = "https://public-url.invalid";
