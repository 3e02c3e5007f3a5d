/** The image of link previews (tests/preview.ts draws it), in pixels. */
export const PREVIEW = { width: 1200, height: 630 };
