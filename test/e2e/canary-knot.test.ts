import { canaryOfLaboratory } from './laboratory.ts'

canaryOfLaboratory('knot')
