/// What tensors are called in a model's files.
struct TensorNames: Sendable {
  /// Tensors of the whole model.
  enum Part: Sendable { case embedding, outputNorm, output }

  /// Tensors of one layer.
  enum LayerPart: CaseIterable, Sendable {
    case attentionNorm, query, key, value, queryKeyValue, attentionOutput
    case queryNorm, keyNorm, afterAttention, hiddenNorm, gate, up, down, afterHidden
  }

  private let family: Family
  private let isGGUF: Bool

  /// The names that a family's tensors have in GGUF files or in folders.
  init(_ family: Family, isGGUF: Bool) {
    self.family = family
    self.isGGUF = isGGUF
  }

  /// The name without `.weight` or `.bias`.
  func name(_ part: Part) -> String {
    if isGGUF {
      return switch part {
      case .embedding: "token_embd"
      case .outputNorm: "output_norm"
      case .output: "output"
      }
    }
    return switch (family, part) {
    case (.gptneox, .embedding): "gpt_neox.embed_in"
    case (.gptneox, .outputNorm): "gpt_neox.final_layer_norm"
    case (.gptneox, .output): "embed_out"
    case (.exaone, .embedding): "transformer.wte"
    case (.exaone, .outputNorm): "transformer.ln_f"
    case (_, .embedding): "model.embed_tokens"
    case (_, .outputNorm): "model.norm"
    case (_, .output): "lm_head"
    }
  }

  /// The name without `.weight` or `.bias`.
  func name(_ part: LayerPart, layer: Int) -> String {
    if isGGUF { return "blk.\(layer)." + Self.ggufName(part) }
    return switch family {
    case .gptneox: "gpt_neox.layers.\(layer)." + Self.neoxName(part)
    case .exaone: "transformer.h.\(layer)." + Self.exaoneName(part)
    default: "model.layers.\(layer)." + llamaName(part)
    }
  }

  /// Whether a tensor of a folder is a buffer that the reference computes itself and ignores.
  func isBuffer(_ name: [UInt8]) -> Bool {
    guard !isGGUF else { return false }
    let endings = [
      ".rotary_emb.inv_freq", ".rotary.inv_freq", ".attention.bias", ".attention.masked_bias",
    ]
    return endings.contains { name.suffix($0.utf8.count).elementsEqual($0.utf8) }
  }

  private static func ggufName(_ part: LayerPart) -> String {
    switch part {
    case .attentionNorm: "attn_norm"
    case .query: "attn_q"
    case .key: "attn_k"
    case .value: "attn_v"
    case .queryKeyValue: "attn_qkv"
    case .attentionOutput: "attn_output"
    case .queryNorm: "attn_q_norm"
    case .keyNorm: "attn_k_norm"
    case .afterAttention: "post_attention_norm"
    case .hiddenNorm: "ffn_norm"
    case .gate: "ffn_gate"
    case .up: "ffn_up"
    case .down: "ffn_down"
    case .afterHidden: "post_ffw_norm"
    }
  }

  private static func neoxName(_ part: LayerPart) -> String {
    switch part {
    case .attentionNorm: "input_layernorm"
    case .queryKeyValue: "attention.query_key_value"
    case .attentionOutput: "attention.dense"
    case .hiddenNorm: "post_attention_layernorm"
    case .up: "mlp.dense_h_to_4h"
    case .down: "mlp.dense_4h_to_h"
    default: preconditionFailure("a part that GPT-NeoX has")
    }
  }

  private static func exaoneName(_ part: LayerPart) -> String {
    switch part {
    case .attentionNorm: "ln_1"
    case .query: "attn.attention.q_proj"
    case .key: "attn.attention.k_proj"
    case .value: "attn.attention.v_proj"
    case .attentionOutput: "attn.attention.out_proj"
    case .hiddenNorm: "ln_2"
    case .gate: "mlp.c_fc_0"
    case .up: "mlp.c_fc_1"
    case .down: "mlp.c_proj"
    default: preconditionFailure("a part that EXAONE has")
    }
  }

  private func llamaName(_ part: LayerPart) -> String {
    switch part {
    case .attentionNorm: "input_layernorm"
    case .query: "self_attn.q_proj"
    case .key: "self_attn.k_proj"
    case .value: "self_attn.v_proj"
    case .queryKeyValue: "self_attn.qkv_proj"
    case .attentionOutput: "self_attn.o_proj"
    case .queryNorm: "self_attn.q_norm"
    case .keyNorm: "self_attn.k_norm"
    case .afterAttention: family == .hyperclovax ? "post_norm1" : "post_attention_layernorm"
    case .hiddenNorm: "post_attention_layernorm"
    case .gate: "mlp.gate_proj"
    case .up: "mlp.up_proj"
    case .down: "mlp.down_proj"
    case .afterHidden: family == .hyperclovax ? "post_norm2" : "post_feedforward_layernorm"
    }
  }
}
