/** Stands for the deployment's own address in the documents that are built before it is known. */
export const PUBLIC_URL_PLACEHOLDER = "https://public-url.invalid";
