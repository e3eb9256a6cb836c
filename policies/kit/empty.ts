/**
 * Is an argument as good as not given? An explicit default, such as `privileged: false`, changes nothing, and the SDK
 * adds `__defaults` to maps.
 */
export function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (value !== null && typeof value === "object")
    return Object.keys(value).every((key) => key === "__defaults");
  return value === undefined || value === null || value === false || value === "" || value === 0;
}
