const LEAST_MS = 0.01;
const GROWTH = 1.1;
const LOG_GROWTH = Math.log(GROWTH);
/** From 10 µs to ten minutes; what is longer counts in the last one. */
const BUCKETS = 1 + Math.ceil(Math.log(600_000 / LEAST_MS) / LOG_GROWTH);

/** Counts of latencies in buckets that grow by a tenth each: a quantile is right within 10 %, and the size is fixed. */
export class LatencyHistogram {
  /** Doubles, since a year of requests is past 32 bits. */
  readonly #counts = new Float64Array(BUCKETS);
  #total = 0;
  #sumMs = 0;

  add(latencyMs: number): void {
    const bucket = bucketOf(latencyMs);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#total += 1;
    if (latencyMs > 0 && latencyMs < Infinity) this.#sumMs += latencyMs;
  }

  /** How many were counted. */
  get count(): number {
    return this.#total;
  }

  /** All of them together, in milliseconds. */
  get sumMs(): number {
    return this.#sumMs;
  }

  /** How many took no longer than the limit; those within 5 % of it may count on either side. */
  countWithin(limitMs: number): number {
    let count = 0;
    for (let bucket = 0; bucket < BUCKETS && middleOf(bucket) <= limitMs; bucket += 1) {
      count += this.#counts[bucket] ?? 0;
    }
    return count;
  }

  /** Counts what another has counted too. */
  merge(other: LatencyHistogram): void {
    if (other.#total === 0) return;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) + (other.#counts[bucket] ?? 0);
    }
    this.#total += other.#total;
    this.#sumMs += other.#sumMs;
  }

  clear(): void {
    if (this.#total === 0) return;
    this.#counts.fill(0);
    this.#total = 0;
    this.#sumMs = 0;
  }

  /** The latency that a share of all (0 to 1) does not exceed, in milliseconds; null where nothing was counted. */
  quantileMs(share: number): number | null {
    if (this.#total === 0) return null;
    const rank = Math.max(1, Math.ceil(this.#total * share));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      seen += this.#counts[bucket] ?? 0;
      if (seen >= rank) return middleOf(bucket);
    }
    return null;
  }
}

function bucketOf(latencyMs: number): number {
  if (!(latencyMs > LEAST_MS)) return 0;
  return Math.min(BUCKETS - 1, 1 + Math.floor(Math.log(latencyMs / LEAST_MS) / LOG_GROWTH));
}

/** The geometric middle of a bucket, to three digits. */
function middleOf(bucket: number): number {
  return Number((LEAST_MS * GROWTH ** (bucket - 0.5)).toPrecision(3));
}
