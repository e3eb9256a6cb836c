/** A login that is configured and cannot be used; the message says where it stands and never holds a password. */
export class CredentialError extends Error {
  override name = "CredentialError";
}
