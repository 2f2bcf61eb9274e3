import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scrapeTokenPath } from '../../../../main/control/panel/metrics-scrape.ts';
import { gatewayMetrics } from '../../../../main/control/panel/metrics.ts';
import { LatencyHistogram } from '../../../../main/gateway/latency-histogram.ts';
import { gatewayFigures } from '../../../fakes/gateway-figures.ts';
import { temporaryFolder } from '../../../fakes/temporary-folder.ts';
import { PanelRig } from './panel-rig.ts';

const tokenOf = (dataDir: string) => readFileSync(scrapeTokenPath(dataDir), 'utf8');

/** The values of a scrape by their names with labels. */
function valuesOf(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

async function valuesWith(some: Parameters<typeof gatewayFigures>[0] = {}) {
  const figures = gatewayFigures(some);
  return valuesOf(await gatewayMetrics(figures).text(figures));
}

describe('the metrics', () => {
  it('are in the text format of Prometheus: each with its help, type and conventional name', async () => {
    const figures = gatewayFigures();
    const text = await gatewayMetrics(figures).text(figures);
    const names = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
    expect(names.length).toBeGreaterThan(25);
    for (const [, name = '', type] of names) {
      expect(name).toMatch(/^(?:mt5_fabric|process)_[a-z_]+$/);
      expect(name.endsWith('_total'), name).toBe(type === 'counter');
      expect(text).toContain(`# HELP ${name} `);
    }
    const series = [...valuesOf(text).keys()];
    expect(new Set(series).size).toBe(series.length);
  });

  it('say mode, causes and phase with one series for each that there is', async () => {
    const { state } = gatewayFigures();
    const causes = [
      { kind: 'LIMIT', mode: 'HALTED', atMs: 0, actor: 'gateway', reason: 'x', standing: false },
    ] as const;
    const values = await valuesWith({ state: { ...state, mode: 'HALTED', flattenPhase: 'FLAT', causes } });
    expect(values.get('mt5_fabric_trading_mode{mode="HALTED"}')).toBe(1);
    expect(values.get('mt5_fabric_trading_mode{mode="TRADING"}')).toBe(0);
    expect(values.get('mt5_fabric_trading_causes{kind="LIMIT"}')).toBe(1);
    expect(values.get('mt5_fabric_trading_causes{kind="OPERATOR"}')).toBe(0);
    expect(values.get('mt5_fabric_flatten_phase{phase="FLAT"}')).toBe(1);
    expect(values.get('mt5_fabric_healthy')).toBe(1);
  });

  it('have every error code from the start, so that the first of them is an increase', async () => {
    const values = await valuesWith({ rejects: new Map([['STALE', 4]]) });
    expect(values.get('mt5_fabric_commands_rejected_total{code="STALE"}')).toBe(4);
    expect(values.get('mt5_fabric_commands_rejected_total{code="INTERNAL"}')).toBe(0);
  });

  it('have the durations as a histogram in seconds', async () => {
    const latencies = new LatencyHistogram();
    for (const latencyMs of [0.2, 0.7, 0.7, 40, 3_000, 60_000]) latencies.add(latencyMs);
    const values = await valuesWith({ latencies });
    const bucket = (le: string) => values.get(`mt5_fabric_command_duration_seconds_bucket{le="${le}"}`);
    expect([bucket('0.0005'), bucket('0.001'), bucket('0.05'), bucket('2.5'), bucket('5'), bucket('+Inf')]).toEqual([
      1, 3, 4, 4, 5, 6,
    ]);
    expect(values.get('mt5_fabric_command_duration_seconds_count')).toBe(6);
    expect(values.get('mt5_fabric_command_duration_seconds_sum')).toBeCloseTo(63.0416, 6);
  });

  it('leave out what is not known, also when it was known before', async () => {
    const known = gatewayFigures({ tickAgoS: 1.5, heardAgoS: 0.25 });
    const metrics = gatewayMetrics(known);
    expect(valuesOf(await metrics.text(known)).get('mt5_fabric_last_tick_age_seconds')).toBe(1.5);
    const unknown = valuesOf(await metrics.text(gatewayFigures()));
    expect(unknown.has('mt5_fabric_last_tick_age_seconds')).toBe(false);
    expect(unknown.has('mt5_fabric_terminal_heard_age_seconds')).toBe(false);
  });

  it('cost a scrape next to nothing', async () => {
    const figures = gatewayFigures();
    const metrics = gatewayMetrics(figures);
    for (let warm = 0; warm < 20; warm += 1) await metrics.text(figures);
    const startedMs = performance.now();
    for (let scrape = 0; scrape < 100; scrape += 1) await metrics.text(figures);
    // 0.5 ms or so; ten times that on a machine that is busy with other tests.
    expect((performance.now() - startedMs) / 100).toBeLessThan(5);
  });
});

describe('monitoring', () => {
  const ask = (rig: PanelRig, path: string, authorization?: string) =>
    rig.ask(path, { headers: { host: rig.host, ...(authorization === undefined ? {} : { authorization }) } });

  it('is answered with the token of its file, which only its owner reads', async () => {
    const rig = await PanelRig.open();
    const token = tokenOf(rig.dataDir);
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(statSync(scrapeTokenPath(rig.dataDir)).mode & 0o777).toBe(0o600);
    const metrics = await ask(rig, '/metrics', `Bearer ${token}`);
    expect([metrics.status, metrics.headers['content-type']]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    expect(metrics.body).toContain('\nmt5_fabric_commands_total 3\n');
    const health = await ask(rig, '/healthz', `bearer ${token}`);
    expect([health.status, health.headers['content-type']]).toEqual([200, 'application/json']);
    expect(JSON.parse(health.body)).toMatchObject({ status: 'ok', can_trade: true });
  });

  it('is refused with 401 without it, with a wrong one, and with a session of the panel', async () => {
    const rig = await PanelRig.open();
    const token = tokenOf(rig.dataDir);
    for (const path of ['/metrics', '/healthz', '/metrics?x=1']) {
      for (const shown of [
        undefined,
        '',
        'Bearer',
        'Bearer ',
        `Bearer ${token}x`,
        `Bearer ${token.slice(1)}`,
        `Basic ${token}`,
      ]) {
        const { status, headers, body } = await ask(rig, path, shown);
        expect([status, headers['www-authenticate'], body.includes('mt5_fabric_')]).toEqual([401, 'Bearer', false]);
      }
      const withCookie = await rig.ask(path, { headers: { cookie: await rig.signIn() } });
      expect(withCookie.status).toBe(401);
    }
  });

  it('gets nothing else with its token, and changes nothing', async () => {
    const rig = await PanelRig.open();
    const headers = { authorization: `Bearer ${tokenOf(rig.dataDir)}` };
    expect((await rig.ask('/', { headers })).status).toBe(403);
    expect((await rig.ask('/metrics', { method: 'POST', headers })).status).toBe(405);
    expect((await rig.ask('/metrics/', { headers })).status).toBe(403);
  });

  it('may come through a proxy or a tunnel, under another name', async () => {
    const rig = await PanelRig.open();
    const headers = { host: 'gateway.example:9100', authorization: `Bearer ${tokenOf(rig.dataDir)}` };
    expect((await rig.ask('/healthz', { headers })).status).toBe(200);
    expect((await rig.ask('/healthz', { headers: { host: headers.host } })).status).toBe(401);
  });

  it('hears 503 and why while the gateway cannot do what it should', async () => {
    const rig = await PanelRig.open({ figures: () => gatewayFigures({ auditFault: 'disk full' }) });
    const { status, body } = await ask(rig, '/healthz', `Bearer ${tokenOf(rig.dataDir)}`);
    expect(status).toBe(503);
    expect(JSON.parse(body)).toMatchObject({
      status: 'failing',
      reasons: ['the audit log cannot be written: disk full'],
    });
  });

  it('keeps its token over a restart, unless it was deleted or others could read it', async () => {
    const dataDir = temporaryFolder();
    const tokens: string[] = [];
    for (const before of [
      () => {},
      () => {},
      () => chmodSync(scrapeTokenPath(dataDir), 0o644),
      () => rmSync(scrapeTokenPath(dataDir)),
      () => writeFileSync(scrapeTokenPath(dataDir), 'short'),
    ]) {
      before();
      const rig = await PanelRig.open({ dataDir });
      tokens.push(tokenOf(dataDir));
      await rig.panel.stop();
    }
    expect(tokens[1]).toBe(tokens[0]);
    expect(new Set(tokens).size).toBe(4);
    expect(tokens.at(-1)).toHaveLength(43);
  });
});
