const OCTET = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;
const IPV4 = new RegExp(String.raw`^(?:${OCTET}\.){3}${OCTET}$`);
/** A gateway that listens there is reached at every address of its machine. */
export const EVERY_ADDRESS = '0.0.0.0';

const IPV4_BITS = 32;
const IPV6_BITS = 128;

/** Whether each is a network like `10.0.0.0/24` or `fd00::/8`, as the gateway takes it. */
export function areNetworks(texts: readonly string[]): boolean {
  return texts.every(isNetwork);
}

function isNetwork(text: string): boolean {
  const [address = '', bits = '', ...more] = text.split('/');
  if (more.length > 0 || !/^\d{1,3}$/.test(bits)) return false;
  if (IPV4.test(address)) return Number(bits) <= IPV4_BITS;
  return isIpv6(address) && Number(bits) <= IPV6_BITS;
}

/** The browser's own parser of addresses knows IPv6 in all its spellings. */
function isIpv6(address: string): boolean {
  return /^[\da-f:.]*:[\da-f:.]*$/i.test(address) && URL.canParse(`http://[${address}]/`);
}

/** Whether a gateway that listens there is reached by its own machine alone. */
export function isLoopback(host: string): boolean {
  return host.startsWith('127.') || host === '::1';
}

/** Whether a gateway that listens there is reached at every address of its machine. */
export function isEveryAddress(host: string): boolean {
  return [EVERY_ADDRESS, '::', '[::]'].includes(host);
}
