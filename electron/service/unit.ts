/**
 * The systemd unit, as text. Promises: no privilege but the low ports; nothing can be written outside the data folder; it
 * comes back after a crash, and a stop lets transactions under way finish (30 s, CONTRACT). Pure.
 */
import { ACCOUNT } from './place.ts'

export interface Start {
  /** The Node runtime and the built command line: whole paths. */
  readonly node: string
  readonly script: string
  readonly dataDir: string
}

/** The first line of every unit of ours: a file without it is somebody else's, and left alone. */
export const MARK = '# Porch: written by `porch service install`, taken away by `porch service remove`.'

/** What Node is told: see build/porch. */
export const NODE_FLAGS = ['--max-semi-space-size=16', '--expose-gc'] as const

export function startCommand({ node, script, dataDir }: Start): readonly string[] {
  return [node, ...NODE_FLAGS, script, 'serve', '--data', dataDir, '--group-access']
}

export function unitText(start: Start): string {
  return `${MARK}
# To change something: systemctl edit ${ACCOUNT} (this file is written anew at the next install).
[Unit]
Description=Porch, an SMTP gate with a console
Wants=network-online.target
After=network-online.target nss-lookup.target
# A port that another program still holds at boot is tried again for some minutes.
StartLimitIntervalSec=600
StartLimitBurst=30

[Service]
Type=exec
User=${ACCOUNT}
Group=${ACCOUNT}
ExecStart=${startCommand(start).map(quoted).join(' ')}
# One heap of the C library for all threads: some 10 MB less.
Environment=MALLOC_ARENA_MAX=1
Restart=on-failure
RestartSec=5
# Transactions under way get 30 s.
TimeoutStopSec=45
KillMode=mixed

# Store, settings and certificate: written by the account alone. The group may enter, and read gate.json (where the
# console is, and its token), which the gate itself opens to it.
StateDirectory=${ACCOUNT}
StateDirectoryMode=0750
WorkingDirectory=${start.dataDir}
UMask=0077
LimitNOFILE=65536

# Port 25, and nothing else.
AmbientCapabilities=CAP_NET_BIND_SERVICE
CapabilityBoundingSet=CAP_NET_BIND_SERVICE
NoNewPrivileges=yes

ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateMounts=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
ProcSubset=pid
# NETLINK: the list of the machine's own addresses, for the wizard.
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
KeyringMode=private
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
# Settings are replaced by a file with the same owner (fchown).
SystemCallFilter=fchown
SystemCallErrorNumber=EPERM
# Not MemoryDenyWriteExecute: V8 compiles JavaScript into memory that it then executes; with it Node does not start.

[Install]
WantedBy=multi-user.target
`
}

/** As systemd.service(5) reads an argument: quoted where need be, no specifiers, no variables. */
function quoted(argument: string): string {
  const plain = argument.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$')
  return /^[\w@%+=:,./$-]+$/.test(plain) ? plain : `"${plain}"`
}
