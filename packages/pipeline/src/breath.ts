/** Lets whatever waits go on during long computing: a transaction whose answer has come, a heartbeat. */
export const breath = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
