// The address that a request comes from. Behind proxies it is what the first of them says, which may have a port, or be no address.
import { isIP, isIPv4 } from 'node:net'
import type { FastifyRequest } from 'fastify'

type Asking = Pick<FastifyRequest, 'ip' | 'socket'>

/** "1.1.1.3:443" and "[2001:db8::1]:443" → the address alone. */
const withoutPort = (address: string): string =>
  /^\[([^\]]*)\](?::\d+)?$/.exec(address)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(address)?.[1] ?? address

/** An IPv4 address in the form of IPv6 is the IPv4 address. */
const plain = (address: string): string => {
  const [bare = ''] = withoutPort(address.trim()).split('%')
  const [, mapped = ''] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare) ?? []
  return isIPv4(mapped) ? mapped : bare
}

/** The proxy's own address, where it names none. */
export function clientAddress({ ip, socket }: Asking): string {
  const named = plain(ip ?? '')
  return isIP(named) === 0 ? plain(socket.remoteAddress ?? '') : named
}

/** The first half of an IPv6 address, as four groups. */
function networkOf(address: string): string {
  const [before = '', after = ''] = address.toLowerCase().split('::')
  const groupsOf = (part: string) =>
    part.split(':').flatMap((group) => (group.includes('.') ? [group, group] : group || []))
  const [left, right] = [groupsOf(before), groupsOf(after)]
  const zeros = address.includes('::')
    ? Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0')
    : []
  const groups = [...left, ...zeros, ...right].slice(0, 4)
  return groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')
}

/** Under one name all that one caller can choose from: of IPv6 a network of 64 bits is given out as a whole. */
export function callerAddress(request: Asking): string {
  const address = clientAddress(request)
  return isIP(address) === 6 ? `${networkOf(address)}::/64` : address
}
