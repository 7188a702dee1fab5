export { createDatabase, testDatabase, testServer, type TestDatabase } from './postgres.ts';
export { freePort, startRedis, testRedis, type TestRedis } from './redis.ts';
