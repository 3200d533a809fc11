/**
 * The API between the desktop program and the page in its window, over a message port of its own: which gate the window
 * shows, what the person at this computer prefers, and where the menu, the tray or a notification wants the page to go.
 * The page in a browser has no desktop. Times ISO 8601 UTC.
 */
import { eventIterator, oc, type } from '@orpc/contract'
import { z } from 'zod'

/** The pages that menu, tray and notifications lead to. */
export const DESKTOP_PAGES = ['live', 'senders', 'notices', 'rules', 'reports', 'check', 'settings', 'desktop'] as const
export type DesktopPage = (typeof DESKTOP_PAGES)[number]

/** Which gate the window shows. `data`: the data folder. */
export type DesktopGate =
  | { readonly kind: 'starting'; readonly data: string }
  /** Runs in this program. */
  | { readonly kind: 'own'; readonly data: string }
  /** Runs as a service, or was started with `porch serve`; this window looks at it. */
  | { readonly kind: 'service'; readonly data: string; readonly since: string }
  /** The service that was shown has stopped. `offer`: whether this program could run a gate of its own instead: `own`, it could; `held`, another program has the data folder; `notours`, the folder is not this account's to write. */
  | { readonly kind: 'lost'; readonly data: string; readonly since: string; readonly offer: 'own' | 'held' | 'notours' }
  /** Could not start. `reason`: `settings`, the file is wrong; `denied`, a gate runs but this account may not look at it; `held`, something has the data folder and does not answer; `other`, such as a taken port. */
  | { readonly kind: 'off'; readonly data: string; readonly since: string; readonly reason: 'settings' | 'denied' | 'held' | 'other'; readonly why: string }

export const NOTIFICATION_KINDS = ['canary', 'backend', 'fixed', 'bans', 'trouble', 'gate'] as const
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number]

/** What the person at this computer wants to be told of by the system's notifications. */
export type NotifyPreferences = Readonly<Record<NotificationKind, boolean>>

export interface DesktopState {
  readonly gate: DesktopGate
  readonly notify: NotifyPreferences
  /** Whether the system shows notifications at all. */
  readonly canNotify: boolean
  /** Starts hidden when this person signs in; `can`: whether that can be set up here. */
  readonly login: { readonly can: boolean; readonly on: boolean }
}

export type DesktopOutcome = { readonly ok: true } | { readonly ok: false; readonly problem: string }

export const desktopApi = oc.router({
  /** The state now, and anew whenever it changes. */
  watch: oc.output(eventIterator(type<DesktopState>())),
  /** Where the page is wanted; what was wished before the page was there comes first. */
  wishes: oc.output(eventIterator(type<{ readonly page: DesktopPage }>())),
  /** Tries again to start the gate, or to find the service. */
  retry: oc.output(type<DesktopOutcome>()),
  /** After the service stopped: starts a gate of one's own on the same data folder, if nobody has it. */
  startOwn: oc.output(type<DesktopOutcome>()),
  setNotify: oc.input(z.object({ kind: z.enum(NOTIFICATION_KINDS), on: z.boolean() })).output(type<DesktopOutcome>()),
  setLogin: oc.input(z.object({ on: z.boolean() })).output(type<DesktopOutcome>()),
})
