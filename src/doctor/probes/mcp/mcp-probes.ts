import type { Probe } from '../../probe.ts';
import { coldStart } from './cold-start.ts';
import { discoverAnswer } from './discover-answer.ts';
import { getStreamAnswer } from './get-stream.ts';
import { headerMismatch } from './header-mismatch.ts';
import { missingSessionId } from './missing-session-id.ts';
import { missingVersionHeader } from './missing-version-header.ts';
import { newerVersionHeader } from './newer-version-header.ts';
import { notificationAnswer } from './notification-answer.ts';
import { severalProcesses } from './several-processes.ts';
import { strictAccept } from './strict-accept.ts';
import { unknownSession } from './unknown-session.ts';
import { versionNegotiation } from './version-negotiation.ts';

export const MCP_PROBES: readonly Probe[] = [
  coldStart,
  strictAccept,
  versionNegotiation,
  discoverAnswer,
  headerMismatch,
  newerVersionHeader,
  missingVersionHeader,
  notificationAnswer,
  severalProcesses,
  missingSessionId,
  unknownSession,
  getStreamAnswer,
];
