import type { Clock } from '../../clock.ts';
import type { Mt5Handler } from '../../mt5/handler.ts';
import type { Account } from '../../mt5/market.ts';
import type { TopicValue } from '../contract.ts';
import { Asked } from './asked.ts';
import type { Source } from './topic.ts';

interface Ports {
  readonly clock: Clock;
  readonly terminal: Pick<Mt5Handler, 'account' | 'onTransaction'>;
}

/** The account as the terminal last told it. */
export function accountSource({ clock, terminal }: Ports): Source<TopicValue<'account'>> {
  const asked = new Asked(() => terminal.account(), { clock, terminal });
  return {
    value: () => ({
      account: asked.value === null ? null : accountView(asked.value),
      asked_ms_ago: asked.askedMsAgo,
      fault: asked.fault,
    }),
    watch: asked.watch,
    mark: asked.mark,
  };
}

function accountView(account: Account): NonNullable<TopicValue<'account'>['account']> {
  const { server, name, company, currency, leverage, mode, balance, credit, profit, equity, margin } = account;
  return {
    ...{ login: account.login.toString(), server, name, company, currency, leverage, mode },
    margin_mode: account.marginMode,
    ...{ balance, credit, profit, equity, margin },
    margin_free: account.marginFree,
    margin_level: account.marginLevel,
  };
}
