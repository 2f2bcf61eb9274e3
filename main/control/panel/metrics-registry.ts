import { Counter, Gauge, Histogram, Registry } from '@prometheus-io/client';
import type { LatencyHistogram } from '../../gateway/latency-histogram.ts';

/** Upper bounds of the buckets of durations, in seconds. */
const BOUNDS_S = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Values by what their label says. */
export type Labelled = Iterable<readonly [label: string, value: number]>;

/** Metrics that are read from `F` when they are scraped, and counted nowhere else. */
export class MetricsRegistry<F> {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  readonly #registry = new Registry();
  #figures: F;

  constructor(figures: F) {
    this.#figures = figures;
  }

  /** All of them in Prometheus' text format. */
  text(figures: F): Promise<string> {
    this.#figures = figures;
    return this.#registry.metrics();
  }

  /** A value that is not known (null) is not there. */
  gauge(name: string, help: string, read: (figures: F) => number | null): void {
    const value = () => read(this.#figures);
    new Gauge({
      ...{ name, help, registers: [this.#registry] },
      collect() {
        const now = value();
        if (now === null) this.remove();
        else this.set(now);
      },
    });
  }

  gauges(name: string, help: string, label: string, read: (figures: F) => Labelled): void {
    const values = () => read(this.#figures);
    new Gauge({
      ...{ name, help, labelNames: [label], registers: [this.#registry] },
      collect() {
        for (const [key, value] of values()) this.set({ [label]: key }, value);
      },
    });
  }

  counter(name: string, help: string, read: (figures: F) => number): void {
    const total = () => read(this.#figures);
    new Counter({
      ...{ name, help, registers: [this.#registry] },
      collect() {
        this.reset();
        this.inc(total());
      },
    });
  }

  counters(name: string, help: string, label: string, read: (figures: F) => Labelled): void {
    const totals = () => read(this.#figures);
    new Counter({
      ...{ name, help, labelNames: [label], registers: [this.#registry] },
      collect() {
        this.reset();
        for (const [key, total] of totals()) this.inc({ [label]: key }, total);
      },
    });
  }

  durations(name: string, help: string, read: (figures: F) => LatencyHistogram): void {
    this.#registry.registerMetric(new Durations(name, help, () => read(this.#figures)));
  }
}

/** Durations that another histogram has counted. */
class Durations extends Histogram<'le'> {
  readonly #about: { readonly name: string; readonly help: string };
  readonly #read: () => LatencyHistogram;

  constructor(name: string, help: string, read: () => LatencyHistogram) {
    super({ name, help, registers: [] });
    this.#about = { name, help };
    this.#read = read;
  }

  /** What the registry asks the library's own histogram, in the place of `get`. */
  getForPromString() {
    return this.get();
  }

  override get() {
    const { name } = this.#about;
    const counted = this.#read();
    const bucket = (le: string | number, value: number) => ({ metricName: `${name}_bucket`, labels: { le }, value });
    const values = [
      ...BOUNDS_S.map((boundS) => bucket(boundS, counted.countWithin(boundS * 1_000))),
      bucket('+Inf', counted.count),
      { metricName: `${name}_sum`, labels: {}, value: counted.sumMs / 1_000 },
      { metricName: `${name}_count`, labels: {}, value: counted.count },
    ];
    return Promise.resolve({
      ...this.#about,
      ...{ type: 'histogram' as const, aggregator: 'sum' as const, collect: () => {}, values },
    });
  }
}
