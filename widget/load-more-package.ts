/** In the package: the page's bundler makes a file of the second script, which loads it. */
export const loadMore = (_origin: string, use: (more: typeof import("./more.tsx")) => void): void =>
  void import("./more.tsx").then(use, () => {});
