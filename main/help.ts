import { DESCRIPTIONS, SETTING_KEYS, flagName, settingsSchema } from './config/settings.ts';

/** What `--help` prints: 80 columns. */
export function helpText(): string {
  return `Usage: mt5-fabric [--headless] [options]        run the gateway
       mt5-fabric --brain COMMAND [options]     talk to a gateway (--brain help)
       mt5-fabric --status | --kill | --halt | --resume --reason "…"
       mt5-fabric --install-bridge | --doctor
       mt5-fabric --audit list|show|verify|export|backup
       mt5-fabric --settings [KEY=VALUE …]

Joins MetaTrader 5 with strategies over ZeroMQ: commands, ticks, a kill switch
and an audit log.

At this machine (add --data-dir DIR for another data folder, --json for programs):
  --status              trading state, channels and clients of the running gateway
  --kill                halt, cancel all orders and close all positions
  --halt                halt and keep the positions
  --resume --reason "…" trade again; the reason goes into the audit log
  --close TICKET --reason "…"
                        close one position or cancel one order, also while halted
  --take-out TICKET --reason "…"
                        take it out of a kill that cannot close it
  --end-lease CLIENT --reason "…"
                        let a client go whose lease has run out
  --install-bridge      install the program for MetaTrader into a terminal, and
                        compile it there; --terminal-folder DIR names which
  --doctor              check each link from the data folder to the broker, and
                        say what to do about each that is broken
  --decide REQ_ID --happened yes|no --reason "…"
                        say what became of a command that nothing else tells of
  --pair NAME --role trade|read|kill [--expires 90d] [--host ADDR] [--out FILE]
                        give a brain its keys for --security encrypted, in a
                        connection file; ADDR is where it reaches this machine
  --revoke NAME --reason "…"
                        end a pairing and what runs under it
  --rename NAME --label "…"
                        call a paired brain something else
  --clients             who is paired, and who was heard without being
  --panel-address       print a new address of the panel, for one sign-in
  --audit …             read, verify, export or back up the audit log
  --settings            show the settings and where each comes from, or save some

Gateway:
${['data-dir DIR', ...SETTING_KEYS.map((key) => `${flagName(key)} ${DESCRIPTIONS[key].value}`)].map(optionLine).join('\n')}
  --paper-reset                     paper: forget all positions and begin again
  --json                            one JSON line on stdout when ready, JSON logs

Each option is also a variable (MT5_FABRIC_COMMAND_PORT) and a key of
settings.json in the data folder (command_port). Options win over variables,
variables over the file.

Exit codes: 0 good, 1 refused or a check failed, 64 usage, 70 internal error,
75 no gateway or no answer yet, 78 configuration, port or folder in use.
`;
}

function optionLine(option: string): string {
  const key = SETTING_KEYS.find((name) => option.startsWith(`${flagName(name)} `));
  if (key === undefined) return `  --${option.padEnd(32)}folder of settings, audit log and paper account`;
  const standard = settingsSchema.shape[key].safeParse(undefined).data;
  const shown = standard === '' || (Array.isArray(standard) && standard.length === 0) ? '' : ` [${String(standard)}]`;
  return `  --${option.padEnd(32)}${DESCRIPTIONS[key].text}${shown}`;
}
