import { checkNames } from '../../definition/check-names.ts'
import { DefinitionError } from '../../definition/definition-error.ts'
import type { PathTemplate } from '../../http/path-template.ts'
import { givenBodyLimits } from '../../operation/body-limits.ts'
import { Application } from '../application.ts'
import { fetchMount, handlerOf, type Mountable } from './fetch-mount.ts'
import { parseMountPath, pathBelow, prefixOf } from './mount-path.ts'
import type { MountRoute } from './mount-route.ts'
import { MountedView } from './mounted-view.ts'

/** How a handler is mounted. */
export interface MountOptions {
  /** The largest body of a request that the handler may read. Default: that of the application. */
  readonly bodyLimitBytes?: number
}

const NAMES: Readonly<Record<keyof MountOptions, true>> = { bodyLimitBytes: true }

/** Mounts an application or a handler on `outer`. Throws a `DefinitionError`. */
export function mountOn(
  path: string,
  target: Application | Mountable,
  options: MountOptions,
  outer: Application,
): void {
  const template = parseMountPath(path)
  const place = `what is mounted at "${path}"`
  checkNames(options, NAMES, `the options of ${place}`)
  if (outer.running) throw new DefinitionError(`"${path}" is mounted too late: mount before the application starts`)
  const { bodyLimitBytes } = givenBodyLimits(options, place)
  if (!(target instanceof Application)) {
    outer.routes.mount(fetchMount(template, handlerOf(target, path), bodyLimitBytes))
    return
  }
  if (bodyLimitBytes !== undefined)
    throw new DefinitionError(
      `"bodyLimitBytes" of ${place} is for handlers: an application has its own, so set it there`,
    )
  checkMountable(target, path, outer)
  outer.routes.mount(applicationMount(template, target))
  target.warnOfUnused(path)
  outer.mount(target, prefixOf(template))
}

const applicationMount = (template: PathTemplate, inner: Application): MountRoute => ({
  kind: 'mount',
  template,
  respond: view => inner.handleMounted(new MountedView(view, pathBelow(view.path, template))),
  respondToHandshake: (view, handshake) =>
    inner.handshakes.handleMounted(new MountedView(view, pathBelow(view.path, template)), handshake),
  bodyLimitOf: inner.bodyLimitOf,
})

function checkMountable(inner: Application, path: string, outer: Application): void {
  if (outer.outermost === inner || outer === inner)
    throw new DefinitionError(`An application cannot be mounted at "${path}" of itself: mount another one`)
  if (inner.mountedAt !== undefined)
    throw new DefinitionError(
      `What is to be mounted at "${path}" is already mounted at "${inner.mountedAt || '/'}": make an application for each place`,
    )
  if (inner.running)
    throw new DefinitionError(`What is to be mounted at "${path}" is running: mount it before anything starts`)
}
