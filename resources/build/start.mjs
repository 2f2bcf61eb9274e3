// `npm start`: the desktop where Electron can run, else the gateway with its panel for a browser.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { USUAL_PANEL_PORT, chooseShell, couldNotRun, wantsPanelPort } from './choose-shell.mjs';
import { findRuntime } from './electron-runtime.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const program = join(root, 'dist', 'mt5-fabric.js');
const { platform, env: environment } = process;
const words = process.argv.slice(2);
const say = (line) => process.stderr.write(`mt5-fabric: ${line}\n`);

const isRoot = process.getuid?.() === 0;
const choice = chooseShell({ words, platform, environment, isRoot }, () =>
  findRuntime({ modules: join(root, 'node_modules'), environment, platform, say }),
);
if (choice.shell === 'asked') await runHere(words);
else if (choice.shell === 'headless') await runHeadless(choice.why);
else runDesktop(choice.executable);

async function runHeadless(why) {
  say(`without a window, with the panel for a browser: ${why}`);
  const panel = wantsPanelPort(words, environment) ? ['--panel-port', String(await freePanelPort())] : [];
  await runHere([...words, ...panel]);
}

/** In this process: it is the Node that the program wants, and one more would only pass signals on. */
async function runHere(programWords) {
  process.argv = [process.argv[0], program, ...programWords];
  await import(pathToFileURL(program).href);
}

function runDesktop(executable) {
  say('with tray and window');
  const startedMs = performance.now();
  const child = spawn(executable, [program, ...words], { cwd: root, stdio: 'inherit' });
  const passOn = (signal) => child.kill(signal);
  // The terminal sends Ctrl+C to the whole group: the child ends in its own order, this waits for it.
  const listeners = { SIGINT: () => {}, SIGTERM: passOn, SIGHUP: passOn };
  for (const [signal, listener] of Object.entries(listeners)) process.on(signal, listener);
  const ended = ({ code, signal, why }) => {
    for (const [name, listener] of Object.entries(listeners)) process.off(name, listener);
    const afterMs = performance.now() - startedMs;
    if (couldNotRun({ code, signal, afterMs })) void runHeadless(`Electron cannot run here (${why})`);
    else process.exit(code ?? 128 + (signal === 'SIGKILL' ? 9 : 15));
  };
  child.once('error', (error) => ended({ code: 127, signal: null, why: error.message }));
  child.once('exit', (code, signal) => ended({ code, signal, why: signal ?? `exit code ${code}` }));
}

/** The usual port, so that a bookmark holds; any other where that is taken. */
function freePanelPort() {
  return new Promise((tell) => {
    const probe = createServer();
    probe.once('error', () => tell(0));
    probe.listen(USUAL_PANEL_PORT, '127.0.0.1', () => probe.close(() => tell(USUAL_PANEL_PORT)));
  });
}
