/** Short forms of the JSON schema of a policy's configuration keys. */

export function integer(value: number, minimum?: number) {
  return { type: "integer" as const, ...(minimum !== undefined && { minimum }), default: value };
}

export function list(value: readonly string[]) {
  return { type: "array" as const, items: { type: "string" as const }, default: [...value] };
}
