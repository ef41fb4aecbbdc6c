"""What runs: losses and gradients in plain NumPy, stable on the logits.

`logexp` holds the functions of one array; `sigmoid_bce`, `softmax_ce` and `relu_ce` hold one
pairing of activation and loss each; `naive` holds the forms that fail, for comparison.
"""
