/**
 * Seconds in which a container that is made anew does not answer its own health check, by its role: the longest that
 * `npm run bench -- interruption` measured on two cores (0.7 to 3.7), rounded up. Another machine is faster or slower.
 */
export const INTERRUPTION_SECONDS: Readonly<Record<string, number>> = {
  adminUi: 1,
  cache: 2,
  db: 2,
  gateway: 1,
  playerClient: 2,
  redis: 2,
  server: 2,
  storage: 2,
  worker: 4,
};
