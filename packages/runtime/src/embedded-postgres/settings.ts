/**
 * The server's settings for a laptop: small enough to be left running, quick
 * enough for an import of all years. What a person sets with `alter system`
 * wins over these.
 */
export function settings({ port, durable }: { port: number; durable: boolean }): string {
  const values: Record<string, string | number> = {
    listen_addresses: "'127.0.0.1'", // loopback only, with a password, and no socket that others may open
    unix_socket_directories: "''",
    port,
    max_connections: 200,
    shared_buffers: "'256MB'",
    effective_cache_size: "'1GB'",
    work_mem: "'16MB'",
    maintenance_work_mem: "'128MB'",
    max_wal_size: "'2GB'",
    checkpoint_timeout: "'15min'",
    wal_compression: 'on',
    wal_level: 'minimal', // no replicas here
    max_wal_senders: 0,
    max_locks_per_transaction: 256, // a bulk add of jobs takes one for each key
    random_page_cost: 1.1,
    jit: 'off',
    timezone: "'UTC'",
    log_timezone: "'UTC'",
    lc_messages: "'C'",
    log_checkpoints: 'off',
    log_min_messages: 'warning',
  };
  if (!durable) Object.assign(values, { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' });
  const lines = Object.entries(values).map(([name, value]) => `${name} = ${value}`);
  return `# Written anew at every start: change settings with "alter system".\n${lines.join('\n')}\n`;
}

/** Who may connect: this machine, over loopback, with the password. */
export const HOST_RULES = `host all all 127.0.0.1/32 scram-sha-256\n`;
