import type { Redis } from 'ioredis';

/** Everything that Redis must do in one step. A script runs to its end before another command does. */
const scripts = {
  /** Fence, or false when the lock is held. The fence never goes back, also when Redis lost its data. */
  takeLock: {
    numberOfKeys: 2,
    lua: `
      if not redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return false end
      local time = redis.call('time')
      local now = time[1] * 1000000 + time[2]
      local last = tonumber(redis.call('get', KEYS[2]) or '0')
      local fence = string.format('%.0f', math.max(last + 1, now))
      redis.call('set', KEYS[2], fence)
      return fence`,
  },
  /** 1, or 0 when the lock is not the caller's any more. */
  renewLock: {
    numberOfKeys: 1,
    lua: `
      if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
      return redis.call('pexpire', KEYS[1], ARGV[2])`,
  },
  /** Tells the hosts that wait. */
  freeLock: {
    numberOfKeys: 1,
    lua: `
      if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
      redis.call('del', KEYS[1])
      redis.call('publish', ARGV[2], ARGV[3])
      return 1`,
  },
  /** The sum as text: it may be a fraction. */
  addToCounter: {
    numberOfKeys: 1,
    lua: `
      local sum = redis.call('incrbyfloat', KEYS[1], ARGV[1])
      if redis.call('pttl', KEYS[1]) < 0 then redis.call('pexpire', KEYS[1], ARGV[2]) end
      return sum`,
  },
} as const;

/** A client with the scripts as commands. */
export interface ScriptedRedis extends Redis {
  takeLock(lockKey: string, fenceKey: string, token: string, ttl: number): Promise<string | null>;
  renewLock(lockKey: string, token: string, ttl: number): Promise<number>;
  freeLock(lockKey: string, token: string, channel: string, message: string): Promise<number>;
  addToCounter(key: string, amount: number, window: number): Promise<string>;
}

export function withScripts(redis: Redis): ScriptedRedis {
  for (const [name, script] of Object.entries(scripts)) redis.defineCommand(name, script);
  return redis as ScriptedRedis;
}
