export { parseRate, RATE_FORMAT, type Rate } from '../../protocol/rate.ts';
