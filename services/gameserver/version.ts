/** What `/api/v1/status` and the registration say about this build. */
export const VERSION = "0.1.0";
