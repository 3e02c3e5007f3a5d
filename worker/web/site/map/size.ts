/** Units of a locator map's viewBox. */
export const MAP_SIZE = { width: 240, height: 180 };
