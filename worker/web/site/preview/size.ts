/** Size of the link preview image, which tests/support/preview.ts draws. */
export const PREVIEW_SIZE_PX = { width: 1200, height: 630 };
