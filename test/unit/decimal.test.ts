// Decimal arithmetic at its edges; the properties are in test/property.
import t from 'tap'
import * as decimal from '../../src/domain/decimal.ts'

t.test('given halves, when rounded, then they go up, away from zero', async (t) => {
  t.equal(decimal.round('2.345', 2), '2.35')
  t.equal(decimal.round('2.344999', 2), '2.34')
  t.equal(decimal.round('-2.345', 2), '-2.35')
  t.equal(decimal.round('1.005', 2), '1.01', 'where binary fractions would give 1.00')
  t.equal(decimal.round('0.5', 0), '1')
})

t.test(
  'given results, when they are written, then without exponent, superfluous zeros or a negative zero',
  async (t) => {
    t.equal(decimal.canonicalDecimal('12.3400'), '12.34')
    t.equal(decimal.canonicalDecimal('-0.00'), '0')
    t.equal(decimal.canonicalDecimal('007'), '7')
    t.equal(decimal.multiply('0.0000000001', '0.0000000001'), '0.00000000000000000001')
    t.equal(decimal.multiply('1000000000000000', '1000000000000000'), `1${'0'.repeat(30)}`)
    t.equal(decimal.add('0.1', '0.2'), '0.3')
    t.equal(decimal.add(), '0')
    t.equal(decimal.subtract('1', '1.00'), '0')
    t.equal(decimal.round('-0.001', 2), '0')
    t.equal(decimal.money('12'), '12.00')
    t.equal(decimal.decimalPlaces('1.500'), 1)
  },
)

t.test('given what is no decimal, when it is computed with, then it throws', async (t) => {
  for (const value of ['', '1e3', '.5', '5.', '1,5', 'NaN', ' 1', '+1', '0x1']) {
    t.throws(() => decimal.canonicalDecimal(value), TypeError)
    t.throws(() => decimal.add('1', value), TypeError)
  }
})
