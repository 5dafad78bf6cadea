import type { SceneItem } from '../../scene/model.ts'
export function editObject(item: SceneItem): Promise<void> {
  void item
  return Promise.resolve()
}
