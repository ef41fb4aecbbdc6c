"""What runs: losses and gradients in plain NumPy, stable on the logits.

`logexp` holds the functions of one array; `sigmoid_bce`, `sigmoid_mse`, `softmax_ce`, `relu_ce` and
`tanh_ce` hold one pairing of activation and loss each, the last two as they fail; `variants` holds
smoothed, weighted and focal losses; `naive` holds the forms that fail, for comparison.
"""
