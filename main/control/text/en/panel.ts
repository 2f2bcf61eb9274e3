/** Pages that the panel shows in place of itself. */
export const panel = {
  signIn: {
    title: 'This panel needs a new address',
    cause: 'The address was used already, is too old, or this browser has not signed in here.',
    cure: 'Run this at the machine of the gateway, and open what it prints:',
    note: 'An address is good for one sign-in and for a few minutes.',
    again: 'I am signed in: open the panel',
  },
  missing: {
    title: 'The pages of this panel are missing',
    cause: 'They are not where this program was installed. The gateway itself runs.',
    cure: 'Install or build the program again, and restart the gateway. To look at it meanwhile:',
  },
  notFound: { title: 'There is no such page', cause: 'Nothing is found under this address.', back: 'Open the panel' },
  wrongHost: {
    title: 'The panel has another address',
    cause: 'It answers under 127.0.0.1 and localhost only, so that no other page can pass for it.',
  },
  foreign: {
    title: 'Another page asked for this',
    cause: 'The panel answers its own pages only.',
  },
  wrongMethod: { title: 'The panel only reads here', cause: 'Its pages take GET and HEAD.' },
  failed: { title: 'The panel could not answer', cause: 'The log of the gateway says why.' },
};
