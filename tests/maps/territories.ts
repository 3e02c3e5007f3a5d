/**
 * Where the maps differ from Natural Earth's de facto borders. The rule:
 * territory belongs to the country in which the United Nations place it,
 * whoever controls it; where they leave its status open, it is part of no
 * country's outline. docs/profile.md has the sources.
 */
import type { Geom } from "polyclip-ts";

/**
 * Parts that the data draws as countries of their own, by the data's name, and
 * the country (ISO 3166-1 alpha-3) that they belong to.
 */
export const joined: Record<string, string> = {
  "N. Cyprus": "CYP",
  Somaliland: "SOM",
};

/**
 * Areas that the data draws within one country and that belong to another:
 * longitude and latitude of a polygon around them.
 */
export const moved: { name: string; from: string; to: string; area: Geom }[] = [
  {
    name: "Golan",
    from: "ISR",
    to: "SYR",
    area: [
      [
        [35.64, 33.4],
        [35.62, 33.25],
        [35.62, 33.05],
        [35.63, 32.9],
        [35.65, 32.85],
        [35.65, 32.74],
        [35.68, 32.7],
        [36.1, 32.6],
        [36.1, 33.5],
        [35.64, 33.4],
      ],
    ],
  },
];

/**
 * Areas whose status is open. They are drawn as such on the maps of all
 * countries around them.
 */
export const openAreas: { name: string; around: string[]; area: Geom }[] = [
  {
    // The regions of Natural Earth's 10 m data under Indian and Pakistani
    // control, and the glacier between them, simplified.
    name: "Jammu and Kashmir",
    around: ["IND", "PAK"],
    area: [
      [
        [72.52, 35.9],
        [72.81, 35.84],
        [73.09, 35.88],
        [73.14, 35.71],
        [73.41, 35.55],
        [73.76, 35.53],
        [73.69, 35.31],
        [73.73, 35.21],
        [73.92, 35.2],
        [74.12, 35.1],
        [74.01, 34.88],
        [73.76, 34.79],
        [73.62, 34.56],
        [73.45, 34.56],
        [73.4, 34.38],
        [73.47, 34.27],
        [73.58, 33.91],
        [73.63, 33.45],
        [73.57, 33.39],
        [73.62, 33.12],
        [74.52, 32.75],
        [74.69, 32.83],
        [74.63, 32.59],
        [74.72, 32.46],
        [75.02, 32.47],
        [75.3, 32.33],
        [75.5, 32.3],
        [75.84, 32.51],
        [75.92, 32.62],
        [75.91, 32.77],
        [75.8, 32.9],
        [75.97, 32.91],
        [76.22, 33.05],
        [76.29, 33.15],
        [76.56, 33.23],
        [76.74, 33.2],
        [77.14, 32.93],
        [77.35, 32.87],
        [77.72, 33.01],
        [77.86, 32.87],
        [78.01, 32.61],
        [78.37, 32.77],
        [78.37, 32.65],
        [78.27, 32.5],
        [78.63, 32.58],
        [78.71, 32.64],
        [78.77, 32.46],
        [78.91, 32.35],
        [79.08, 32.37],
        [79.11, 32.47],
        [79.32, 32.59],
        [79.44, 32.53],
        [79.62, 32.73],
        [79.41, 32.97],
        [79.37, 33.11],
        [79.42, 33.28],
        [79.1, 33.29],
        [78.82, 33.46],
        [78.73, 34.08],
        [78.98, 34.22],
        [78.92, 34.37],
        [78.61, 34.55],
        [78.38, 34.58],
        [78.27, 34.66],
        [78.13, 35.06],
        [78, 35.27],
        [78.06, 35.45],
        [77.88, 35.43],
        [77.8, 35.5],
        [77.41, 35.47],
        [77.04, 35.59],
        [76.9, 35.59],
        [76.57, 35.75],
        [76.54, 35.9],
        [76.4, 35.83],
        [76.17, 35.81],
        [76.06, 35.99],
        [75.89, 36.1],
        [76.01, 36.23],
        [75.98, 36.46],
        [75.79, 36.69],
        [75.57, 36.77],
        [75.41, 36.75],
        [75.35, 36.92],
        [75.1, 36.99],
        [74.91, 36.96],
        [74.66, 37.05],
        [74.54, 36.96],
        [74.39, 36.99],
        [74.09, 36.83],
        [73.71, 36.89],
        [73.87, 36.71],
        [73.42, 36.75],
        [73.08, 36.7],
        [73.09, 36.6],
        [72.98, 36.47],
        [72.69, 36.27],
        [72.56, 36.23],
        [72.59, 36.01],
        [72.52, 35.9],
      ],
    ],
  },
];

/**
 * The data's countries whose status is open, by their name, and the country
 * around which their outline would otherwise be drawn.
 */
export const openCountries: Record<string, string> = { Kosovo: "SRB" };

/**
 * Overseas parts with an ISO 3166-1 code of their own that the data draws
 * within another country, and a point in each.
 */
export const overseas: Record<string, { of: string; at: [number, number] }> = {
  GF: { of: "FRA", at: [-53, 4] },
  GP: { of: "FRA", at: [-61.6, 16.2] },
  MQ: { of: "FRA", at: [-61, 14.65] },
  RE: { of: "FRA", at: [55.5, -21.1] },
  YT: { of: "FRA", at: [45.15, -12.8] },
  SJ: { of: "NOR", at: [16, 78.6] },
};
