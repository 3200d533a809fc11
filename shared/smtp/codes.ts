/**
 * Every reply the gate can give of its own accord, named once with its code, enhanced status code (RFC 3463) and the
 * place that asks for it. What DNS verdicts say is worded in shared/gate/replytext.ts.
 */

export interface Reply {
  readonly code: number
  readonly enhanced: string | null
  readonly text: string
}

const say = (code: number, enhanced: string | null, text: string): Reply => ({ code, enhanced, text })

export const REPLIES = {
  // RFC 5321 §4.2.2, §4.2.3
  ok: say(250, '2.0.0', 'OK'),
  senderOk: say(250, '2.1.0', 'Sender noted'), // RFC 5321 §3.3; judged at RCPT (POLICY, Stage)
  help: say(214, '2.0.0', 'EHLO HELO STARTTLS MAIL RCPT DATA RSET NOOP VRFY QUIT'), // RFC 5321 §4.1.1.8
  closing: say(221, '2.0.0', 'Goodbye'), // RFC 5321 §4.1.1.10
  cannotVerify: say(252, '2.0.0', 'Cannot verify, but send and see'), // RFC 5321 §3.5.3, §7.3
  goAhead: say(354, null, 'Send the message, end it with a dot on a line of its own'), // RFC 5321 §4.1.1.4
  startTls: say(220, '2.0.0', 'Ready to start TLS'), // RFC 3207 §4

  // Syntax and order
  unknownCommand: say(500, '5.5.1', 'Unknown command'), // RFC 5321 §4.2.4
  emptyCommand: say(500, '5.5.2', 'Empty command line'), // RFC 5321 §4.2.4
  lineTooLong: say(500, '5.5.2', 'Line too long'), // RFC 5321 §4.5.3.1.4
  syntax: say(501, '5.5.4', 'This command takes no parameter'), // RFC 5321 §4.1.1
  badParameter: say(501, '5.5.4', 'Malformed or repeated parameter'), // RFC 5321 §4.1.1.11
  badSender: say(501, '5.1.7', 'Malformed reverse-path, expected MAIL FROM:<address>'), // RFC 5321 §4.1.2, RFC 3463 §3.2
  badRecipient: say(501, '5.1.3', 'Malformed forward-path, expected RCPT TO:<address>'), // RFC 5321 §4.1.2, RFC 3463 §3.2
  needsUtf8: say(553, '5.6.7', 'A non-ASCII address needs SMTPUTF8'), // RFC 6531 §3.5
  notImplemented: say(502, '5.5.1', 'Not implemented here'), // RFC 5321 §4.2.4
  greetFirst: say(503, '5.5.1', 'Say EHLO first'), // RFC 5321 §4.1.4
  mailFirst: say(503, '5.5.1', 'Say MAIL first'), // RFC 5321 §4.1.4
  mailAgain: say(503, '5.5.1', 'A transaction is under way, say RSET first'), // RFC 5321 §4.1.4
  noRecipients: say(503, '5.5.1', 'No valid recipients'), // RFC 5321 §4.1.1.4
  allRefused: say(554, '5.5.1', 'No valid recipients'), // RFC 5321 §3.3
  tlsAlready: say(503, '5.5.1', 'TLS is already in use'), // RFC 3207 §4
  tlsNow: say(503, '5.5.1', 'Not within a transaction'), // RFC 3207 §4.2
  tlsUnavailable: say(454, '4.7.0', 'TLS not available for now'), // RFC 3207 §4
  unknownParameter: say(555, '5.5.4', 'Unknown parameter'), // RFC 5321 §4.1.1.11

  // Policy and limits
  relay: say(550, '5.7.1', 'No mail for that address is taken here'), // RFC 5321 §3.6.2, RFC 3463 §3.8
  tooManyRecipients: say(452, '4.5.3', 'Too many recipients, send the rest in another transaction'), // RFC 5321 §4.5.3.1.10
  tooBig: say(552, '5.3.4', 'The message is larger than this server takes'), // RFC 1870 §6.1
  dataLine: say(554, '5.6.0', 'A line of the message is too long'), // RFC 5321 §4.5.3.1.6
  earlyTalk: say(554, '5.5.0', 'You spoke before the greeting'), // RFC 5321 §3.1: the client waits
  bareCr: say(521, '5.5.2', 'A bare CR is not a line end'), // RFC 5321 §2.3.8; code RFC 7504
  bareLf: say(521, '5.5.2', 'A bare LF is not a line end'), // RFC 5321 §2.3.8
  nul: say(521, '5.5.2', 'NUL is not allowed'), // RFC 5321 §4.5.2, §2.3.1
  http: say(521, '5.5.2', 'This is a mail server'), // RFC 7504
  bannedOnly: say(503, '5.7.1', 'Banned; only QUIT is understood'), // RFC 5321 §3.1
  nowBanned: say(421, '4.7.0', 'This address has been banned'),

  // 421: the gate ends the connection (RFC 5321 §3.8)
  tooManyConnections: say(421, '4.7.0', 'Too many connections, try again later'),
  tooManyFromYou: say(421, '4.7.0', 'Too many connections from your address, try again later'),
  tooManyMessages: say(421, '4.7.0', 'Too many messages on one connection, open another'),
  tooManyErrors: say(421, '4.7.0', 'Too many errors'),
  tooMuchJunk: say(421, '4.7.0', 'Too many commands that deliver nothing'),
  tooSlow: say(421, '4.7.0', 'Timeout'), // RFC 5321 §4.5.3.2
  shuttingDown: say(421, '4.3.2', 'The gate is being stopped, try again later'), // RFC 5321 §3.8
  paused: say(421, '4.3.2', 'The gate is paused, try again later'), // RFC 3463 §3.4
  ownTrouble: say(421, '4.3.0', 'Internal trouble, try again later'),
  dnsTemporaryClose: say(421, '4.4.3', 'Your reverse DNS cannot be looked up for now, try again later'),

  // 451: nothing is known against the client (RFC 5321 §4.2.2)
  backendAway: say(451, '4.3.0', 'The mail server behind this gate cannot answer for now, try again later'),
  dnsTemporary: say(451, '4.4.3', 'Your reverse DNS cannot be looked up for now, try again later'),
} as const satisfies Record<string, Reply>
