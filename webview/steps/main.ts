/** Entry of the parts of a layer, which the attention page loads when “One number” is opened. */
import { StepsView } from './stepsView';

window.transformerScopeSteps = (host) => new StepsView(host);
