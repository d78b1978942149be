// Settings by section, for the six tabs of a settings page: the same three routes for each. They share one version, so an
// ETag of a section is that of the whole document.
import { type TSchema, Type } from 'typebox'
import { type SettingsSection, settingsSectionSchemas, settingsSections } from '../../domain/settings/index.ts'
import type { Services } from '../../services/contract.ts'
import type { App } from '../app-types.ts'
import { isKnown, tagged, versionFrom } from '../etag.ts'
import { mergePatch } from '../plugins/parsers.ts'
import { judgedByService } from '../plugins/validation.ts'
import { ConnectionPath, IfMatch, IfNoneMatch } from '../schemas/parameters.ts'
import { NotModified, sectionPatch } from '../schemas/settings.ts'

const tags = ['Settings']
const writes = {
  validatorCompiler: judgedByService(Type.Object({})),
  config: { problems: ['precondition_required', 'precondition_failed', 'settings_invalid'] as const },
}
const titled = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

export function settingsSectionRoutes(app: App, services: Services): void {
  for (const section of settingsSections) routesOf(app, services, section)
}

function routesOf(app: App, { settings }: Services, section: SettingsSection): void {
  const url = `/v1/connections/:connectionId/settings/${section}` as const
  const response = { 200: settingsSectionSchemas[section] as TSchema }

  app.get(
    url,
    {
      schema: {
        operationId: `get${titled(section)}Settings`,
        summary: `Get the settings "${section}"`,
        description: 'One section with its defaults filled in.',
        tags,
        params: ConnectionPath,
        headers: IfNoneMatch,
        response: { ...response, 304: NotModified },
      },
    },
    async (request, reply) => {
      const stored = await settings.get(request.companyId, request.params.connectionId)
      return isKnown(request, reply, stored.version) ? reply.code(304).send(null) : stored.settings[section]
    },
  )

  app.put(
    url,
    {
      schema: {
        operationId: `replace${titled(section)}Settings`,
        summary: `Replace the settings "${section}"`,
        description: 'The section as a whole: what is left out takes its default.',
        tags,
        params: ConnectionPath,
        headers: IfMatch,
        body: settingsSectionSchemas[section] as TSchema,
        response,
      },
      ...writes,
    },
    async (request, reply) => {
      const { companyId, body } = request
      const { connectionId } = request.params
      const version = await versionFrom(request, () => settings.get(companyId, connectionId))
      const saved = await settings.replaceSection(companyId, connectionId, section, body, version)
      return tagged(reply, saved.version, saved.settings[section])
    },
  )

  app.patch(
    url,
    {
      schema: {
        operationId: `patch${titled(section)}Settings`,
        summary: `Change the settings "${section}"`,
        description: 'A JSON merge patch (RFC 7396) of one section.',
        tags,
        consumes: ['application/json', mergePatch],
        params: ConnectionPath,
        headers: IfMatch,
        body: sectionPatch(section),
        response,
      },
      ...writes,
    },
    async (request, reply) => {
      const { companyId, body } = request
      const { connectionId } = request.params
      const version = await versionFrom(request, () => settings.get(companyId, connectionId))
      const saved = await settings.patch(companyId, connectionId, { [section]: body }, version)
      return tagged(reply, saved.version, saved.settings[section])
    },
  )
}
