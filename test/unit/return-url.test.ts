// Which return URLs are followed after a consent.
import t from 'tap'
import { isAllowedReturnUrl } from '../../src/domain/return-url.ts'

const allowed = ['https://shop.example/connected', 'http://localhost:4100/back']

for (const url of [
  'https://shop.example/connected',
  'https://shop.example/connected?session=7&x=%2F',
  'https://SHOP.example:443/connected',
  'http://localhost:4100/back',
]) {
  t.test(`given ${url}, then it is allowed`, async (t) => t.ok(isAllowedReturnUrl(url, allowed)))
}

for (const url of [
  '',
  'connected',
  '//shop.example/connected',
  '//evil.test',
  'https://shop.example.evil.test/connected',
  'https://shop.example@evil.test/connected',
  'https://user:pass@shop.example/connected',
  'https://shop.example\\@evil.test/connected',
  'https:\\\\shop.example\\connected',
  'http://shop.example/connected',
  'https://shop.example:8443/connected',
  'https://shop.example/connected/',
  'https://shop.example/connected/../other',
  'https://shop.example/connectedmore',
  'https://shop.example/connected#token',
  'https://shop.example/\tconnected',
  'javascript:alert(1)',
  'https://sh\u043ep.example/connected',
]) {
  t.test(`given ${JSON.stringify(url)}, then it is refused`, async (t) => t.notOk(isAllowedReturnUrl(url, allowed)))
}
