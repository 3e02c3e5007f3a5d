/**
 * Reads the values of a path template, such as `/cases/{id}`, out of a URL's
 * path.
 */

const patterns = new Map<string, RegExp>();

function patternOf(template: string): RegExp {
  const known = patterns.get(template);
  if (known) return known;
  const source = template
    .replace(/[.@]/g, "\\$&")
    .replace(/\{(\w+Path)\}/g, "(?<$1>.+)")
    .replace(/\{(\w+)\}/g, "(?<$1>[^/]+)");
  const pattern = new RegExp(`^${source}$`);
  patterns.set(template, pattern);
  return pattern;
}

/**
 * Returns the template's values, still percent-encoded; null when the path has
 * another form.
 */
export const pathValuesIn = (
  template: string,
  pathname: string,
): Record<string, string> | null => {
  const match = patternOf(template).exec(pathname);
  return match ? { ...match.groups } : null;
};
