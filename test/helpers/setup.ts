// Runs before every test file. Test files that use TensorFlow.js import './tensorflow.js' as well.
export {};
