/** Units of a locator map's viewBox. */
export const MAP_SIZE = { width: 270, height: 180 };
