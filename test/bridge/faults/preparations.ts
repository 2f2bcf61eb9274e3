import type { BrokerFault } from '../../mql5/broker/faults.ts';
import type { FaultName, PlannedFault } from './fault.ts';
import type { FaultInjector } from './fault-injector.ts';

type Preparation = (site: FaultInjector, fault: PlannedFault) => void | Promise<void>;

const TIMEOUT = 10_012;
/** Far less than it takes to hold an order for lost, as on a real server. */
const HISTORY_HELD_MS = 700;

/** How each fault is brought about. */
export const PREPARATIONS: Readonly<Record<FaultName, Preparation>> = {
  'cut: idle': (site, fault) => {
    site.rig.proxy.cut();
    site.strike(fault);
  },
  'cut: request not delivered': breakingAt('request', () => 0),
  'cut: inside the request': breakingAt('request', ({ share }) => share),
  'cut: request delivered': breakingAt('request', () => 1),
  'cut: reply not delivered': breakingAt('reply', () => 0),
  'cut: inside the reply': breakingAt('reply', ({ share }) => share),
  'delay: request': holding('request'),
  'delay: reply': holding('reply'),
  'program killed: idle': async (site, fault) => {
    site.strike(fault);
    await site.rig.killProgram(fault.spanMs);
  },
  'program killed: order received': killingProgramAt('received'),
  'program killed: order executed': killingProgramAt('executed'),
  'program stopped: idle': (site, fault) => {
    site.strike(fault);
    site.rig.suspendProgram(fault.spanMs);
  },
  'program stopped: order received': (site, fault) => {
    site.trapBroker('received', () => {
      site.strike(fault);
      site.rig.suspendProgram(fault.spanMs);
    });
  },
  'gateway killed: idle': async (site, fault) => {
    site.strike(fault);
    await site.rig.killGateway();
  },
  'gateway killed: line written': (site, fault) => {
    site.rig.proxy.trap('request', async () => {
      site.strike(fault);
      await site.rig.killGateway();
      return { kind: 'pass' };
    });
  },
  'gateway killed: reply on its way': (site, fault) => {
    site.rig.proxy.trap('reply', async () => {
      await site.rig.killGateway();
      return site.breakAt(fault, 0);
    });
  },
  'broker 10012: executed': answering({ kind: 'misreport', retcode: TIMEOUT }),
  'broker 10012: not executed': answering({ kind: 'refuse', retcode: TIMEOUT }),
  'broker silent: executed': silent(true),
  'broker silent: not executed': silent(false),
  'broker slow: order received': (site, fault) => {
    answerNext({ kind: 'delay', delayMs: fault.spanMs }, site, fault);
  },
  'comment rewritten: answered': rewriting(() => {}),
  'comment rewritten: reply cut': rewriting((site) => {
    site.rig.proxy.trap('reply', () => ({ kind: 'break', share: 0 }));
  }),
  'comment rewritten: program killed': rewriting((site, { spanMs }) => site.rig.killProgram(spanMs)),
  'history held: 10012, executed': (site, fault) => {
    site.rig.broker.holdHistory(true);
    answerNext({ kind: 'misreport', retcode: TIMEOUT }, site, fault);
    site.trapBroker('executed', () => {
      setTimeout(() => site.rig.broker.holdHistory(false), HISTORY_HELD_MS);
    });
  },
};

function breakingAt(kind: 'request' | 'reply', shareOf: (fault: PlannedFault) => number): Preparation {
  return (site, fault) => {
    site.rig.proxy.trap(kind, () => site.breakAt(fault, shareOf(fault)));
  };
}

function holding(kind: 'request' | 'reply'): Preparation {
  return (site, fault) => {
    site.rig.proxy.trap(kind, () => {
      site.strike(fault);
      return { kind: 'hold', forMs: fault.spanMs };
    });
  };
}

function killingProgramAt(phase: 'received' | 'executed'): Preparation {
  return (site, fault) => {
    site.trapBroker(phase, () => {
      site.strike(fault);
      return site.rig.killProgram(fault.spanMs);
    });
  };
}

function answering(brokerFault: BrokerFault): Preparation {
  return (site, fault) => answerNext(brokerFault, site, fault);
}

function answerNext(brokerFault: BrokerFault, site: FaultInjector, fault: PlannedFault): void {
  site.rig.broker.next(brokerFault);
  site.trapBroker('received', () => site.strike(fault));
}

function silent(executed: boolean): Preparation {
  return (site, fault) => {
    answerNext({ kind: 'silent', executed }, site, fault);
    site.trapBroker('executed', () => site.programHangs(fault.spanMs));
  };
}

/** The broker writes a comment of its own into what it makes of the next order that has one; before its answer more may happen. */
function rewriting(after: Preparation): Preparation {
  const prepare: Preparation = (site, fault) => {
    site.trapBroker('received', ({ comment }) => {
      if (comment === '') return prepare(site, fault);
      site.rig.broker.commentsRewritten = true;
      site.trapBroker('executed', () => {
        site.strike(fault);
        site.rig.broker.commentsRewritten = false;
        return after(site, fault);
      });
    });
  };
  return prepare;
}
