// Settings: the whole document, and its check against the organisation. Every write names the version that it is based on
// (If-Match), so that two people in two tabs cannot undo each other's work.
import { Type } from 'typebox'
import { Finding, Settings } from '../../domain/settings/index.ts'
import type { Services } from '../../services/contract.ts'
import type { App } from '../app-types.ts'
import { isKnown, tagged, versionFrom } from '../etag.ts'
import { mergePatch } from '../plugins/parsers.ts'
import { judgedByService } from '../plugins/validation.ts'
import { ConnectionPath, IfMatch, IfNoneMatch } from '../schemas/parameters.ts'
import { NotModified, SettingsPatch } from '../schemas/settings.ts'

const tags = ['Settings']

const SettingsCheck = Type.Object(
  {
    valid: Type.Boolean({ description: 'True when no finding is an error.' }),
    findings: Type.Array(Finding, { description: 'Every finding; empty when all is well.' }),
  },
  { description: 'How the settings fit the organisation.' },
)

export function settingsRoutes(app: App, { settings }: Services): void {
  app.get(
    '/v1/connections/:connectionId/settings',
    {
      schema: {
        operationId: 'getSettings',
        summary: 'Get the settings',
        description: 'All six sections with their defaults filled in. The ETag is the version to base a change on.',
        tags,
        params: ConnectionPath,
        headers: IfNoneMatch,
        response: { 200: Settings, 304: NotModified },
      },
    },
    async (request, reply) => {
      const stored = await settings.get(request.companyId, request.params.connectionId)
      return isKnown(request, reply, stored.version) ? reply.code(304).send(null) : stored.settings
    },
  )

  app.patch(
    '/v1/connections/:connectionId/settings',
    {
      schema: {
        operationId: 'patchSettings',
        summary: 'Change settings',
        description:
          'A JSON merge patch (RFC 7396): what is left out stays, null takes a setting back to its default. Saved whole or not at all.',
        tags,
        consumes: ['application/json', mergePatch],
        params: ConnectionPath,
        headers: IfMatch,
        body: SettingsPatch,
        response: { 200: Settings },
      },
      validatorCompiler: judgedByService(Type.Object({})),
      config: { problems: ['precondition_required', 'precondition_failed', 'settings_invalid'] },
    },
    async (request, reply) => {
      const { companyId, body } = request
      const { connectionId } = request.params
      const version = await versionFrom(request, () => settings.get(companyId, connectionId))
      const saved = await settings.patch(companyId, connectionId, body, version)
      return tagged(reply, saved.version, saved.settings)
    },
  )

  app.get(
    '/v1/connections/:connectionId/settings/check',
    {
      schema: {
        operationId: 'checkSettings',
        summary: 'Check the settings against Xero',
        description: 'What does not fit the organisation as last read: unknown accounts, tax types, tracking options.',
        tags,
        params: ConnectionPath,
        response: { 200: SettingsCheck },
      },
    },
    async (request) => {
      const findings = await settings.check(request.companyId, request.params.connectionId)
      return { valid: findings.every((finding) => finding.severity !== 'error'), findings }
    },
  )
}
