/**
 * Seconds in which a container that is made anew does not serve, by its role: the median that `npm run bench --
 * interruption` measured on two cores, rounded up. Another machine is faster or slower; the order of size stays.
 */
export const INTERRUPTION_SECONDS: Readonly<Record<string, number>> = {
  server: 4,
};
