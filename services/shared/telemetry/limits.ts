/**
 * Longest wait for who is told, in milliseconds. With a second of farewell and the five that a worker's attempts are
 * given it stays below the time that a service has to end.
 */
export const tellLimitMs = 1500;
