import { canaryOfLaboratory } from './laboratory.ts'

canaryOfLaboratory('nsd')
